// A link may carry the key behind #, which browsers do not send and servers do not log. It is filled in and not sent: a
// link that signs in by itself would sign its victim into somebody else's workspace.
if (location.hash.length > 1) {
  document.getElementById("key").value = decodeURIComponent(location.hash.slice(1));
  document.getElementById("with-key").open = true;
  history.replaceState(null, "", location.pathname);
}
