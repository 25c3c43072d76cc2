package io.postmesh.blobs.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class S3PlaceTest {
    @Test
    void aPlaceIsABucketAndMayHaveAPrefix() {
        assertThat(S3Place.parse("s3://mail")).isEqualTo(new S3Place("mail", ""));
        assertThat(S3Place.parse("s3://mail/")).isEqualTo(new S3Place("mail", ""));
        assertThat(S3Place.parse("s3://mail/mesh/one")).isEqualTo(new S3Place("mail", "mesh/one/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3:mail",
                "s3://",
                "s3:///x",
                "s3://Mail",
                "s3://ma",
                "s3://mail//x",
                "s3://mail/a b",
                "s3://mail/ä"
            })
    void anythingElseIsRefused(String text) {
        assertThatThrownBy(() -> S3Place.parse(text)).hasMessageContaining("write s3://bucket");
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3.example.com", "ftp://x", "http://", "https:///x", "http://a b"})
    void anEndpointIsAnAddressOnTheWeb(String text) {
        assertThatThrownBy(() -> S3Place.endpoint(text)).hasMessageContaining("write an address");
    }
}
