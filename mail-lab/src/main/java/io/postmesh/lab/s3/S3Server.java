package io.postmesh.lab.s3;

import java.net.URI;
import java.util.Map;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/// Serves one bucket on loopback, to one who has the key.
public final class S3Server implements AutoCloseable {
    public static final String BUCKET = "mail";
    public static final String KEY = "the-key";
    public static final String SECRET = "the-secret";

    private final S3Proxy proxy;
    private final S3Client operator;

    private S3Server(S3Proxy proxy) {
        this.proxy = proxy;
        operator = S3Client.builder()
                .httpClientBuilder(UrlConnectionHttpClient.builder())
                .endpointOverride(endpoint())
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create(KEY, SECRET)))
                .build();
    }

    public static S3Server open() throws Exception {
        var proxy = S3Proxy.builder()
                .blobStore(new TransientNio2BlobStore())
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, KEY, SECRET)
                .build();
        proxy.start();
        var server = new S3Server(proxy);
        server.operator.createBucket(create -> create.bucket(BUCKET));
        return server;
    }

    public int port() {
        return proxy.getPort();
    }

    public URI endpoint() {
        return URI.create("http://127.0.0.1:" + port());
    }

    /// The environment of a mesh that keeps its bodies here.
    ///
    /// @param prefix of its keys
    public Map<String, String> settings(String prefix) {
        return Map.of(
                "POSTMESH_BLOB_STORE",
                "s3://" + BUCKET + "/" + prefix,
                "POSTMESH_S3_ENDPOINT",
                endpoint().toString(),
                "POSTMESH_S3_PATH_STYLE",
                "yes",
                "POSTMESH_S3_ACCESS_KEY",
                KEY,
                "POSTMESH_S3_SECRET_KEY",
                SECRET);
    }

    /// One who looks at what is there.
    public S3Client operator() {
        return operator;
    }

    @Override
    public void close() throws Exception {
        operator.close();
        proxy.stop();
    }
}
