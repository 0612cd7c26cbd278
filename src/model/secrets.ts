/** What options that hold a secret are called at their end, as the source of a regular expression. */
export const secretWords =
  "password|passwd|pwd|passphrase|secret|token|api_?key|private_?key|access_?key|(?:server|client)_key|credentials?";
