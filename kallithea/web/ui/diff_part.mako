## The rows of one file, for a script. page: FilePart
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
${parts.rows(page.file.shown)}
