package io.mailgenius.api.problems;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;

import io.mailgenius.console.pages.Frames;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.connector.ClientAbortException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.support.StaticListableBeanFactory;
import org.springframework.http.MediaType;
import org.springframework.stereotype.Controller;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.GetMapping;
import tools.jackson.databind.json.JsonMapper;

/** A file whose second half cannot be read. */
class BrokenOffAnswerTest {

    private final MockMvc http =
            MockMvcBuilders.standaloneSetup(new Files())
                    .setControllerAdvice(
                            new ProblemAdvice(
                                    new Problems(JsonMapper.shared()),
                                    new StaticListableBeanFactory().getBeanProvider(Frames.class)))
                    .build();

    @ParameterizedTest
    @ValueSource(strings = {"text/csv", "text/html"})
    void the_web_server_learns_that_it_is_incomplete(String accepted) {
        assertThatThrownBy(() -> http.perform(get("/half.csv").accept(MediaType.valueOf(accepted))))
                .hasRootCauseInstanceOf(IllegalStateException.class)
                .hasRootCauseMessage("the other half is gone");
    }

    @Test
    void a_client_that_went_away_is_no_failure() throws Exception {
        assertThat(http.perform(get("/left.csv")).andReturn().getResponse().getContentAsString())
                .isEqualTo("one half");
    }

    // An inner class, which the scan of other tests does not find.
    @Controller
    class Files {

        @GetMapping("/half.csv")
        void half(HttpServletResponse response) throws IOException {
            begin(response);
            throw new IllegalStateException("the other half is gone");
        }

        @GetMapping("/left.csv")
        void left(HttpServletResponse response) throws IOException {
            begin(response);
            throw new ClientAbortException("Broken pipe");
        }

        private static void begin(HttpServletResponse response) throws IOException {
            response.getWriter().write("one half");
            response.flushBuffer();
        }
    }
}
