/// SMTP conversations as text files, played against a real server.
///
/// Way in: [Dialogue#read] a file, then [DialogueRunner#play] it. Adding a case is adding a file.
///
/// | line | meaning |
/// |---|---|
/// | `S: 250 2.1.0 *` | reads one reply; its last line must match; `*` is any text; two spaces and `#` begin a comment
/// |
/// | `S: 250-SIZE *` | some line of the coming reply matches, also its last (written before its `S: 250 ...`) |
/// | `S! *STARTTLS*` | no line of the coming reply matches |
/// | `C: MAIL FROM:<a@b.c>` | sends the text as it is, and CR LF |
/// | `R: "a\n.\r\n" "x"*70` | sends these octets in one segment; escapes `\r \n \t \0 \\ \" \xHH`; `*n` repeats |
/// | `TLS` | starts TLS, trusting any certificate |
/// | `SHUT` | the client sends no more (half-close) |
/// | `CLOSED` | the server closes, or has closed, having said nothing more |
/// | `NEW` | a new connection; the old one is closed |
/// | `#` ... | a comment, when it begins the line |
///
/// A server that says more than the file expects fails the dialogue.
/// Absent on purpose: pauses, conditions, loops. A wait that needs one belongs into a Java test.
/// Standards: RFC 5321 §4.2 (replies, also of several lines).
@NullMarked
package io.postmesh.lab.dialogue;

import org.jspecify.annotations.NullMarked;
