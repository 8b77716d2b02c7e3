// A link may carry the key behind #, which browsers do not send and servers do not log.
if (location.hash.length > 1) {
  document.getElementById("key").value = decodeURIComponent(location.hash.slice(1));
  history.replaceState(null, "", location.pathname);
  if (!document.querySelector(".alert")) {
    document.getElementById("sign-in").submit();
  }
}
