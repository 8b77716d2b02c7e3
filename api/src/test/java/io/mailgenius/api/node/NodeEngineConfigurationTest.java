package io.mailgenius.api.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeEngineConfigurationTest {

    @ParameterizedTest
    @CsvSource({
        "jdbc:postgresql://db:5432/shop, mailgenius:shop",
        "jdbc:postgresql://db/news?sslmode=require&options=-c%20search_path=a/b, mailgenius:news",
    })
    void installations_with_one_redis_keep_to_the_name_of_their_database(
            String url, String namespace) {
        assertThat(NodeEngineConfiguration.namespace(url)).isEqualTo(namespace);
    }
}
