## The changed files of a diff. page: DiffFiles
<%namespace name="parts" file="/ui/_diff_parts.mako"/>
% for file in page.files:
${parts.file(file)}
% endfor
