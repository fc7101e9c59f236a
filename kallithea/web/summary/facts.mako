<%include file="/summary/_facts.mako" args="part=page"/>
