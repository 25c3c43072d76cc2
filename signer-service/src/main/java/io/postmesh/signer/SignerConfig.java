package io.postmesh.signer;

import io.postmesh.mail.Domain;
import io.postmesh.runtime.settings.Settings;
import io.postmesh.signer.keys.KeyFolder;
import io.postmesh.signer.keys.Selectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Where the keys are and what was found there.
public record SignerConfig(Path keyFolder, KeyFolder.Found keys) {
    private static final String KEYS = "POSTMESH_DKIM_KEYS";
    private static final String FOLDER_IN_DATA = "dkim";

    /// Reads the keys, too, so that a bad one is reported with all other problems before anything starts. With
    /// `DKIM_AUTOGENERATE` (any value, as boky has it) each allowed sender domain without a key gets one first.
    public static SignerConfig from(Settings s, Path dataFolder) {
        var given = s.optional(KEYS, Path::of);
        var folder = given.orElse(dataFolder.resolve(FOLDER_IN_DATA));
        var selectors = s.parsed("DKIM_SELECTOR", "mail", Selectors::parse);
        boolean generate = s.optionalText("DKIM_AUTOGENERATE").isPresent();
        var domains = domains(s);

        if (given.isPresent() && !generate && !Files.isDirectory(folder))
            s.problem(KEYS, folder + " is not a folder; make it, or set DKIM_AUTOGENERATE=1 to have it filled");
        var made = generate ? generate(s, folder, domains, selectors) : List.<String>of();
        var found = KeyFolder.read(folder, selectors).warn(made);
        found.problems().forEach(p -> s.problem(KEYS, p));
        return new SignerConfig(folder, found);
    }

    /// What the operator has to know: which records to publish, or that there was nothing to do.
    private static List<String> generate(Settings s, Path folder, List<Domain> domains, Selectors selectors) {
        if (domains.isEmpty())
            return List.of("DKIM_AUTOGENERATE makes no keys: ALLOWED_SENDER_DOMAINS names no domain to make them for");
        try {
            return KeyFolder.generateMissing(folder, domains, selectors, KeyFolder.read(folder, selectors)).stream()
                    .map(domain -> "new DKIM keys for " + domain + "; publish the DNS records in "
                            + folder.resolve(domain.name()) + "/*.txt, mail is signed with them from now on")
                    .toList();
        } catch (IOException e) {
            s.problem(
                    KEYS,
                    "keys cannot be made in " + folder + " (" + e.getMessage()
                            + "); name a folder this process's user may write to");
            return List.of();
        }
    }

    // What is no domain name is the door's to refuse; here it just has no keys.
    private static List<Domain> domains(Settings s) {
        return s.list("ALLOWED_SENDER_DOMAINS").stream()
                .map(Domain::parse)
                .flatMap(Optional::stream)
                .distinct()
                .toList();
    }
}
