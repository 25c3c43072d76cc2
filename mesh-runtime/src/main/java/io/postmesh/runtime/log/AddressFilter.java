package io.postmesh.runtime.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.postmesh.runtime.settings.Secret;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What a log line shows of a mail address, by the names and with the results of boky/postfix's `ANONYMIZE_EMAILS`.
public sealed interface AddressFilter {
    /// @param local  quotes included, where it has them
    /// @param domain brackets included, where it is an address
    String masked(String local, String domain);

    /// @return empty: addresses stand as they are
    /// @throws IllegalArgumentException with a sentence for the operator; it repeats no option, one is the salt
    static Optional<AddressFilter> parse(String text) {
        return AddressFilters.parse(text);
    }

    /// Enough to find the lines of an address that is known, too little to learn one: `demo@example.org` is
    /// `d*o@*******.org`.
    record Smart(String symbol) implements AddressFilter {
        @Override
        public String masked(String local, String domain) {
            boolean quoted = local.length() > 2 && local.startsWith("\"") && local.endsWith("\"");
            int inner = quoted ? 1 : 0;
            int first = local.offsetByCodePoints(inner, 1);
            int last = local.offsetByCodePoints(local.length() - inner, -1);
            return local.substring(0, first) + symbol + local.substring(last) + "@" + domain(domain);
        }

        private String domain(String domain) {
            int colon = domain.indexOf(':');
            if (isLiteral(domain) && colon < 0) return "[" + String.join(".", symbol, symbol, symbol, symbol) + "]";
            if (isLiteral(domain)) return domain.substring(0, colon + 1) + hidden(domain.length() - colon - 2) + "]";
            int dot = domain.lastIndexOf('.');
            var upTo = dot < 0 ? domain : domain.substring(0, dot);
            return hidden(upTo.codePointCount(0, upTo.length())) + domain.substring(upTo.length());
        }

        private String hidden(int characters) {
            return symbol.repeat(characters);
        }
    }

    /// Nothing but the top level domain: `*@*.org`.
    record Paranoid(String symbol) implements AddressFilter {
        @Override
        public String masked(String local, String domain) {
            return symbol + "@" + domain(domain);
        }

        private String domain(String domain) {
            if (isLiteral(domain)) return domain.substring(0, domain.indexOf(':') + 1 + tag(domain)) + symbol + "]";
            int dot = domain.lastIndexOf('.');
            return dot < 0 ? symbol : symbol + domain.substring(dot);
        }

        private static int tag(String domain) {
            return domain.indexOf(':') < 0 ? 1 : 0; // the bracket alone
        }
    }

    /// HMAC-SHA256 of the address in hexadecimal: whoever has the salt finds the lines of an address.
    ///
    /// @param split     local part and domain each by itself
    /// @param shortened to eight characters
    /// @param cased     `Ann` is not `ann`
    record Hash(Secret salt, String prefix, String suffix, boolean split, boolean shortened, boolean cased)
            implements AddressFilter {
        private static final String ALGORITHM = "HmacSHA256";
        private static final int SHORT = 8;

        @Override
        public String masked(String local, String domain) {
            var hash = split ? hash(local) + "@" + hash(domain) : hash(local + "@" + domain);
            return prefix + hash + suffix;
        }

        private String hash(String text) {
            try {
                var mac = Mac.getInstance(ALGORITHM); // one for each: they are not for several threads
                mac.init(new SecretKeySpec(salt.reveal().getBytes(UTF_8), ALGORITHM));
                var octets = mac.doFinal((cased ? text : text.toLowerCase(Locale.ROOT)).getBytes(UTF_8));
                var hex = HexFormat.of().formatHex(octets);
                return shortened ? hex.substring(0, SHORT) : hex;
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException("every Java has " + ALGORITHM, e);
            }
        }
    }

    private static boolean isLiteral(String domain) {
        return domain.startsWith("[");
    }
}
