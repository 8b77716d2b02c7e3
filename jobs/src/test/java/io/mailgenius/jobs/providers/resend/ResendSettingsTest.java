package io.mailgenius.jobs.providers.resend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResendSettingsTest {

    @Test
    void the_defaults_are_these() {
        ResendSettings settings = new ResendSettings(ResendSettings.RESEND, "re_1");

        assertThat(settings.baseUrl()).isEqualTo(URI.create("https://api.resend.com"));
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"api.resend.com", "ftp://api.resend.com", "http:///x", "http://a?b=c"})
    void a_base_url_that_cannot_work_names_its_key(String url) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResendSettings(URI.create(url), "re_1"))
                .withMessageContaining("MAILGENIUS_RESEND_BASE_URL");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "re 1", "re_1\n"})
    void a_key_that_cannot_work_names_its_setting(String key) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new ResendSettings(ResendSettings.RESEND, key))
                .withMessageContaining("RESEND_API_KEY");
    }

    @Test
    void a_slash_at_the_end_of_the_base_url_does_no_harm() {
        assertThat(new ResendSettings(URI.create("http://a/b/"), "re_1").endpoint("/emails"))
                .isEqualTo("http://a/b/emails");
    }

    @Test
    void the_key_is_not_printed() {
        assertThat(new ResendSettings(ResendSettings.RESEND, "re_secret").toString())
                .doesNotContain("re_secret");
    }
}
