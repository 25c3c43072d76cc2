package io.postmesh.blobs.s3;

import java.net.URI;
import java.util.regex.Pattern;

/// Where in S3: `s3://bucket` or `s3://bucket/some/prefix`.
///
/// @param prefix of all keys: empty, or it ends with a slash
public record S3Place(String bucket, String prefix) {
    private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern PREFIX = Pattern.compile("(?:[A-Za-z0-9_.-]+/){0,8}");

    public static boolean isOne(String text) {
        return text.startsWith("s3:");
    }

    /// @throws IllegalArgumentException with what to write instead
    public static S3Place parse(String text) {
        var bucket = "";
        var path = "";
        if (text.startsWith("s3://")) {
            int slash = text.indexOf('/', "s3://".length());
            bucket = text.substring("s3://".length(), slash < 0 ? text.length() : slash);
            path = slash < 0 ? "" : text.substring(slash + 1);
        }
        var prefix = path.isEmpty() || path.endsWith("/") ? path : path + "/";
        if (BUCKET.matcher(bucket).matches() && PREFIX.matcher(prefix).matches()) return new S3Place(bucket, prefix);
        throw new IllegalArgumentException("write s3://bucket or s3://bucket/prefix");
    }

    /// @throws IllegalArgumentException with what to write instead
    public static URI endpoint(String text) {
        try {
            var uri = URI.create(text);
            boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (web && uri.getHost() != null) return uri;
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw new IllegalArgumentException("write an address such as https://s3.example.com:9000");
    }

    @Override
    public String toString() {
        return "s3://" + bucket + "/" + prefix;
    }
}
