package io.mailgenius.api.tokens;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import io.mailgenius.jobs.clients.SigningKeys;
import io.mailgenius.jobs.clients.SigningKeys.SigningKey;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** The signing keys as Spring Security takes them, to sign, to verify and to publish. */
@Component
class SigningKeySource implements JWKSource<SecurityContext> {

    private final SigningKeys keys;
    private volatile @Nullable Built built;

    SigningKeySource(SigningKeys keys) {
        this.keys = keys;
    }

    private record Built(List<SigningKey> keys, JWKSet set) {}

    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) {
        return selector.select(set());
    }

    /** The key that signs now. */
    String current() {
        return keys.current().kid();
    }

    /**
     * Reads the keys if they were not read of late.
     *
     * @throws org.springframework.dao.DataAccessException if they never were and the database is
     *     away
     */
    JWKSet set() {
        List<SigningKey> all = keys.all();
        Built before = built;
        if (before != null && before.keys().equals(all)) {
            return before.set();
        }
        JWKSet set = new JWKSet(all.stream().map(SigningKeySource::jwk).toList());
        built = new Built(all, set);
        return set;
    }

    private static JWK jwk(SigningKey key) {
        return new RSAKey.Builder(key.publicKey())
                .privateKey(key.privateKey())
                .keyID(key.kid())
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .build();
    }
}
