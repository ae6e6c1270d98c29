"""Every guide, experiment and worksheet as static pages that link to each other: pure functions of data to HTML.

    entries       what the site is made of: guides, experiments, paths, as data
    prose         a guide's Markdown → HTML, with pictures, packets and experiments where its fences and headings stand
    pages         one function for each kind of page, its template in templates/
    index         the text of all guides as an index that a page can search
    environment   the templates' environment: whatever is put into one is escaped

Who opens runs and writes files is export/site.
"""
