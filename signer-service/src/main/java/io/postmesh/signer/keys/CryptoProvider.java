package io.postmesh.signer.keys;

import java.security.NoSuchAlgorithmException;
import java.security.Provider;
import java.security.Signature;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;

/// Corretto's crypto where its jar is on the path and its native library loads, else the JDK's own.
///
/// It signs RSA-2048 three times as fast. It is asked by name of instance and never registered for the whole JVM, so
/// digests and TLS stay with the JDK.
public final class CryptoProvider {
    private static final Optional<Provider> CORRETTO = corretto();

    private CryptoProvider() {}

    /// For the start-up line.
    public static String name() {
        return CORRETTO.map(p -> "Corretto crypto " + p.getVersionStr()).orElse("JDK crypto");
    }

    static Signature signature(String algorithm) throws NoSuchAlgorithmException {
        return CORRETTO.isPresent()
                ? Signature.getInstance(algorithm, CORRETTO.get())
                : Signature.getInstance(algorithm);
    }

    private static Optional<Provider> corretto() {
        try {
            for (var provider : ServiceLoader.load(Provider.class, CryptoProvider.class.getClassLoader()))
                if (provider.getName().equals("AmazonCorrettoCryptoProvider") && works(provider))
                    return Optional.of(provider);
            return Optional.empty();
        } catch (ServiceConfigurationError | LinkageError e) { // another platform, or a temporary folder without exec
            return Optional.empty();
        }
    }

    // Without its native library the provider is there but empty.
    private static boolean works(Provider provider) {
        return provider.getService("Signature", Rsa.SIGNATURE) != null
                && provider.getService("Signature", Ed25519.SIGNATURE) != null;
    }
}
