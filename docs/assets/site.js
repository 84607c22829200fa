// The theme's dialog for searching has no name for screen readers.
document.querySelector(".md-search")?.setAttribute("aria-label", "Search");
