package io.mailgenius.api.access;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.mailgenius.api.TestApi;
import io.mailgenius.jobs.clients.SigningKeys;
import io.mailgenius.jobs.clients.SigningKeys.SigningKey;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.security.KeyPairGenerator;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** OAuth clients, and tokens of any kind: as the node signs them, and as others would. */
final class OAuthFixture {

    private static final TestApi PROGRAM = TestApi.program();

    private OAuthFixture() {}

    record Client(long id, String clientId, String secret) {

        String basic() {
            return "Basic "
                    + Base64.getEncoder().encodeToString((clientId + ":" + secret).getBytes(UTF_8));
        }
    }

    /**
     * @param key of the workspace
     * @param scopes separated by commas
     */
    static Client client(String key, String scopes, boolean refreshTokens) throws Exception {
        HttpResponse<String> made =
                PROGRAM.post(
                        "/api/v1/oauth-clients",
                        "{\"name\":\"test\",\"scopes\":[\"%s\"],\"refreshTokens\":%s}"
                                .formatted(scopes.replace(",", "\",\""), refreshTokens),
                        "Authorization",
                        "Bearer " + key,
                        "Content-Type",
                        "application/json");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode body = TestApi.json(made);
        return new Client(
                body.path("client").path("id").asLong(),
                body.path("client").path("clientId").asString(),
                body.path("secret").asString());
    }

    /**
     * @param form names and values in turn
     */
    static HttpResponse<String> ask(URI node, String authorization, String... form)
            throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        for (int n = 0; n < form.length; n += 2) {
            fields.put(form[n], form[n + 1]);
        }
        HttpRequest.Builder request =
                HttpRequest.newBuilder(node)
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(
                                BodyPublishers.ofString(
                                        fields.entrySet().stream()
                                                .map(
                                                        it ->
                                                                it.getKey()
                                                                        + "="
                                                                        + URLEncoder.encode(
                                                                                it.getValue(),
                                                                                UTF_8))
                                                .collect(Collectors.joining("&"))));
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        return PROGRAM.send(request);
    }

    static JsonNode granted(HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return TestApi.json(answer);
    }

    static String token(Client client) throws Exception {
        return granted(
                        ask(
                                TestApi.url("/oauth2/token"),
                                client.basic(),
                                "grant_type",
                                "client_credentials"))
                .path("access_token")
                .asString();
    }

    static String token(String key, String scopes) throws Exception {
        return token(client(key, scopes, false));
    }

    private static JWTClaimsSet.Builder claims(Client client, Instant expires) {
        return new JWTClaimsSet.Builder()
                .subject(client.clientId())
                .audience("mailgenius-api")
                .claim("client_id", client.clientId())
                .claim("scope", "*")
                .issueTime(Date.from(expires.minusSeconds(600)))
                .expirationTime(Date.from(expires));
    }

    private static String signed(JWSHeader.Builder header, JWTClaimsSet claims, JWSSigner signer)
            throws Exception {
        SignedJWT token = new SignedJWT(header.build(), claims);
        token.sign(signer);
        return token.serialize();
    }

    private static JWSHeader.Builder header(JWSAlgorithm algorithm, SigningKey key) {
        return new JWSHeader.Builder(algorithm).keyID(key.kid()).type(new JOSEObjectType("at+jwt"));
    }

    /** Each opens nothing, for another reason. */
    static Map<String, String> bad(Client client) throws Exception {
        SigningKey key = TestApi.bean(SigningKeys.class).current();
        JWSSigner own = new RSASSASigner(key.privateKey());
        Instant now = Instant.now();
        JWTClaimsSet good = claims(client, now.plusSeconds(300)).build();
        KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
        rsa.initialize(2048);
        Map<String, String> bad = new LinkedHashMap<>();
        bad.put(
                "expired",
                signed(
                        header(JWSAlgorithm.RS256, key),
                        claims(client, now.minusSeconds(60)).build(),
                        own));
        bad.put("unsigned", new PlainJWT(good).serialize());
        bad.put(
                "signed by another key",
                signed(
                        header(JWSAlgorithm.RS256, key),
                        good,
                        new RSASSASigner(rsa.generateKeyPair().getPrivate())));
        bad.put(
                "signed with the public key",
                signed(
                        header(JWSAlgorithm.HS256, key),
                        good,
                        new MACSigner(key.publicKey().getEncoded())));
        bad.put(
                "of another audience",
                signed(
                        header(JWSAlgorithm.RS256, key),
                        claims(client, now.plusSeconds(300)).audience("another").build(),
                        own));
        bad.put(
                "of another type",
                signed(header(JWSAlgorithm.RS256, key).type(JOSEObjectType.JWT), good, own));
        String valid = signed(header(JWSAlgorithm.RS256, key), good, own);
        assertThat(AccessFixture.request("GET", "/api/v1/lists", valid).statusCode())
                .as("what the others differ from")
                .isEqualTo(200);
        bad.put("cut off", valid.substring(0, valid.lastIndexOf('.') + 1));
        return bad;
    }
}
