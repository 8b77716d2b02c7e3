package io.mailgenius.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.mailgenius.engine.embedded.EmbeddedRedis;
import io.mailgenius.engine.launching.Launches;
import io.mailgenius.engine.settings.Role;
import io.mailgenius.schema.Migrations;
import io.mailgenius.schema.embedded.EmbeddedDatabase;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What {@code bench dispatch} starts: the engine beside the product's settings, without it. */
class EngineAloneTest {

    @TempDir Path folder;

    @Test
    void it_starts_with_the_settings_of_the_product_and_none_of_its_parts() {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(folder);
                EmbeddedRedis redis = EmbeddedRedis.start(folder)) {
            PGSimpleDataSource owner = new PGSimpleDataSource();
            owner.setUrl(database.jdbcUrl());
            owner.setUser(database.username());
            owner.setPassword(database.password());
            Migrations.apply(owner);
            try (EngineAlone engine =
                    EngineAlone.start(database, redis.uri().toString(), Role.MANAGER, 1)) {
                assertThat(engine.bean(Launches.class).find(1)).isEmpty();
            }
        }
    }
}
