package io.mailgenius.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.json.JsonMapper;

/**
 * A small OpenID Connect provider on this machine: its people are whoever a test says. It checks
 * what a provider has to: the secret of the client, the address to return to, and PKCE.
 */
public final class TestOidcProvider {

    static final String CLIENT = "mailgenius-of-the-tests";
    static final String SECRET = "secret of the tests";

    private final HttpServer server;
    private final RSAKey key;
    private final Map<String, Issued> codes = new ConcurrentHashMap<>();

    private record Issued(
            Map<String, String> request,
            UnaryOperator<JWTClaimsSet.Builder> claims,
            RSAKey signedWith) {}

    private TestOidcProvider(HttpServer server, RSAKey key) {
        this.server = server;
        this.key = key;
    }

    static TestOidcProvider start() {
        try {
            HttpServer server =
                    HttpServer.create(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            TestOidcProvider provider = new TestOidcProvider(server, newKey());
            server.createContext("/.well-known/openid-configuration", provider::metadata);
            server.createContext("/jwks", provider::keys);
            server.createContext("/token", provider::token);
            server.setExecutor(
                    Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("oidc").factory()));
            server.start();
            return provider;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static RSAKey newKey() {
        try {
            return new RSAKeyGenerator(2048).keyID(UUID.randomUUID().toString()).generate();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    public String issuer() {
        return "http://localhost:" + server.getAddress().getPort();
    }

    /** Somebody signs in here and is sent back with this code. */
    public String code(URI asked, UnaryOperator<JWTClaimsSet.Builder> claims) {
        return code(asked, claims, key);
    }

    public String code(URI asked, UnaryOperator<JWTClaimsSet.Builder> claims, RSAKey signedWith) {
        String code = UUID.randomUUID().toString();
        codes.put(code, new Issued(parameters(asked.getRawQuery()), claims, signedWith));
        return code;
    }

    public static Map<String, String> parameters(String query) {
        return Arrays.stream(query.split("&"))
                .map(it -> it.split("=", 2))
                .collect(
                        Collectors.toMap(
                                it -> it[0], it -> URLDecoder.decode(it[1], UTF_8), (a, _) -> a));
    }

    private void metadata(HttpExchange exchange) throws IOException {
        String[] one = {"code"};
        Map<String, Object> metadata = new HashMap<>();
        metadata.put("issuer", issuer());
        metadata.put("authorization_endpoint", issuer() + "/authorize");
        metadata.put("token_endpoint", issuer() + "/token");
        metadata.put("jwks_uri", issuer() + "/jwks");
        metadata.put("response_types_supported", one);
        metadata.put("subject_types_supported", new String[] {"public"});
        metadata.put("id_token_signing_alg_values_supported", new String[] {"RS256"});
        answer(exchange, 200, JsonMapper.shared().writeValueAsString(metadata));
    }

    private void keys(HttpExchange exchange) throws IOException {
        answer(exchange, 200, new JWKSet(key.toPublicJWK()).toString());
    }

    private void token(HttpExchange exchange) throws IOException {
        Map<String, String> form =
                parameters(new String(exchange.getRequestBody().readAllBytes(), UTF_8));
        Issued issued = codes.remove(form.getOrDefault("code", ""));
        String basic =
                "Basic "
                        + Base64.getEncoder()
                                .encodeToString(
                                        (CLIENT + ":" + SECRET.replace(" ", "+")).getBytes(UTF_8));
        if (issued == null
                || !basic.equals(exchange.getRequestHeaders().getFirst("Authorization"))
                || !issued.request().get("redirect_uri").equals(form.get("redirect_uri"))
                || !"S256".equals(issued.request().get("code_challenge_method"))
                || !issued.request()
                        .get("code_challenge")
                        .equals(challenge(form.getOrDefault("code_verifier", "")))) {
            answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
            return;
        }
        answer(
                exchange,
                200,
                JsonMapper.shared()
                        .writeValueAsString(
                                Map.of(
                                        "access_token",
                                        "of no use",
                                        "token_type",
                                        "Bearer",
                                        "expires_in",
                                        60,
                                        "id_token",
                                        signed(issued))));
    }

    private static String challenge(String verifier) {
        try {
            return Base64.getUrlEncoder()
                    .withoutPadding()
                    .encodeToString(
                            MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private String signed(Issued issued) {
        Instant now = Instant.now();
        JWTClaimsSet claims =
                issued.claims()
                        .apply(
                                new JWTClaimsSet.Builder()
                                        .issuer(issuer())
                                        .audience(CLIENT)
                                        .claim("nonce", issued.request().get("nonce"))
                                        .issueTime(Date.from(now))
                                        .expirationTime(Date.from(now.plusSeconds(60))))
                        .build();
        try {
            SignedJWT token =
                    new SignedJWT(
                            new JWSHeader.Builder(JWSAlgorithm.RS256).keyID(key.getKeyID()).build(),
                            claims);
            token.sign(new RSASSASigner(issued.signedWith()));
            return token.serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void answer(HttpExchange exchange, int status, String json) throws IOException {
        byte[] bytes = json.getBytes(UTF_8);
        exchange.getResponseHeaders().add("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
