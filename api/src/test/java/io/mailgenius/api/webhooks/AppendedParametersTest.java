package io.mailgenius.api.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.api.TestApi;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail programs and social networks append parameters of their own to the links of a mail. */
@ExtendWith(TestApi.Ends.class)
class AppendedParametersTest {

    private static final String APPENDED = "?utm_source=news&fbclid=a.b-c&gclid=&_hsenc=1&x[]=2";

    private final TestApi api = TestApi.program();

    @ParameterizedTest
    @ValueSource(strings = {"/t/x", "/o/x", "/u/x", "/p/x", "/c/x", "/sign-in", "/"})
    void a_public_page_answers_as_it_does_without_them(String path) throws Exception {
        HttpResponse<String> without = api.get(path, "Accept", "text/html");
        HttpResponse<String> with =
                api.get(path + APPENDED.replace("[]", "%5B%5D"), "Accept", "text/html");

        assertThat(with.statusCode()).isEqualTo(without.statusCode());
        assertThat(with.body()).doesNotContain("There is no parameter");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/u/x", "/p/x", "/c/x", "/s/x", "/webhooks/resend"})
    void what_is_posted_to_one_is_answered_as_it_is_without_them(String path) throws Exception {
        String[] form = {"Content-Type", "application/x-www-form-urlencoded"};
        HttpResponse<String> without = api.post(path, "a=b", form);
        HttpResponse<String> with = api.post(path + APPENDED.replace("[]", "%5B%5D"), "a=b", form);

        assertThat(with.statusCode()).isEqualTo(without.statusCode());
        assertThat(with.body()).doesNotContain("There is no parameter");
    }
}
