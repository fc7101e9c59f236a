${page.words}
