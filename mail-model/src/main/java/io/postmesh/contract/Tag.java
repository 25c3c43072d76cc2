package io.postmesh.contract;

import io.postmesh.message.Headers;
import java.util.List;
import java.util.Optional;

/// A client's own word for a kind of mail, from a field of its header: operators select mail by it.
///
/// @param text 1 to 64 visible ASCII characters
public record Tag(String text) {
    /// Fields a tag is taken from, the first one that is there. The second is what applications that sent through
    /// Postmark write already.
    private static final List<String> FIELDS = List.of("x-postmesh-tag", "x-pm-tag");

    private static final int MAX = 64;

    public Tag {
        if (text.isEmpty() || text.length() > MAX || !text.chars().allMatch(Tag::isVisible))
            throw new IllegalArgumentException("a tag has 1 to 64 visible ASCII characters");
    }

    /// What a person or a client wrote, as it is kept: cut to its length, and `-` for whatever is not visible ASCII, so
    /// that `welcome mail` is `welcome-mail` wherever it is written. Empty when nothing is left.
    public static Optional<Tag> of(String written) {
        var kept = new StringBuilder();
        written.strip().codePoints().limit(MAX).forEach(c -> kept.append(isVisible(c) ? (char) c : '-'));
        return kept.isEmpty() ? Optional.empty() : Optional.of(new Tag(kept.toString()));
    }

    public static Optional<Tag> of(Headers headers) {
        return FIELDS.stream()
                .flatMap(name -> headers.first(name).stream())
                .findFirst()
                .flatMap(field -> of(field.value()));
    }

    private static boolean isVisible(int c) {
        return c > 0x20 && c < 0x7f;
    }

    @Override
    public String toString() {
        return text;
    }
}
