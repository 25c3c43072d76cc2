package io.postmesh.signer;

import io.postmesh.mail.MailId;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Says once for each domain that it has no key. The domains come from strangers, so the memory has an end.
final class MissingKeys {
    private static final Logger log = LoggerFactory.getLogger(MissingKeys.class);
    static final int MOST = 1_000;

    private final Path folder;
    private final Set<String> said = new HashSet<>();

    MissingKeys(Path folder) {
        this.folder = folder;
    }

    /// True when this is news.
    synchronized boolean note(MailId id, String domain) {
        if (said.size() > MOST || !said.add(domain)) return false;
        if (said.size() > MOST)
            log.warn(
                    "{} goes unsigned: no DKIM key for {}, nor for {} domains before; no more are named",
                    id,
                    domain,
                    MOST);
        else
            log.warn(
                    "{} goes unsigned: no DKIM key for {}; put {}.private into {}, or name {} in ALLOWED_SENDER_DOMAINS"
                            + " with DKIM_AUTOGENERATE set: keys are made for named domains only (said once)",
                    id,
                    domain,
                    domain,
                    folder,
                    domain);
        return true;
    }
}
