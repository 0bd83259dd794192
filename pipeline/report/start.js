startOverview();
startDocument();
startCommitments();
startPair();
by("skip").addEventListener("click", (event) => { event.preventDefault(); by("main").focus(); });
document.addEventListener("click", (event) => {
  const link = event.target.closest?.('a[href^="#"]');
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  go(link.getAttribute("href"));
});
addEventListener("hashchange", route);
route();
})();
