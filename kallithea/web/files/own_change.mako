<%include file="_own_change.mako" args="repository=page.repository, commit=page.commit"/>
