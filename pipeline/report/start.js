startOverview();
startDocument();
startCommitments();
startPair();
by("skip").addEventListener("click", (event) => { event.preventDefault(); by("main").focus(); });
addEventListener("hashchange", route);
route();
})();
