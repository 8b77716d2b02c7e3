package io.mailgenius.api.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** An authenticator with one passkey (ES256, no attestation), and the browser in front of it. */
final class TestAuthenticator {

    private static final int USER_PRESENT = 0x01;
    private static final int USER_VERIFIED = 0x04;
    private static final int ATTESTED = 0x40;

    private final byte[] id = UUID.randomUUID().toString().getBytes(UTF_8);
    private final KeyPair key;
    private final String origin;

    /** Shown with each use. */
    int count = 1;

    /** Whether the person was asked for a finger or a PIN. */
    boolean verifies = true;

    TestAuthenticator(String origin) throws GeneralSecurityException {
        this.origin = origin;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        key = generator.generateKeyPair();
    }

    /** The answer to {@code navigator.credentials.create}. */
    String create(JsonNode options) throws GeneralSecurityException {
        byte[] client = clientData("webauthn.create", options);
        byte[] authenticator =
                joined(
                        authenticatorData(options.path("rp").path("id").asString(), ATTESTED),
                        new byte[16],
                        ByteBuffer.allocate(2).putShort((short) id.length).array(),
                        id,
                        publicKey());
        byte[] attestation =
                joined(
                        new byte[] {(byte) 0xa3},
                        text("fmt"),
                        text("none"),
                        text("attStmt"),
                        new byte[] {(byte) 0xa0},
                        text("authData"),
                        bytes(authenticator));
        return credential(
                Map.of(
                        "clientDataJSON",
                        base64(client),
                        "attestationObject",
                        base64(attestation),
                        "transports",
                        new String[] {"internal"}));
    }

    /** The answer to {@code navigator.credentials.get}. */
    String get(JsonNode options) throws GeneralSecurityException {
        byte[] client = clientData("webauthn.get", options);
        byte[] authenticator = authenticatorData(options.path("rpId").asString(), 0);
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key.getPrivate());
        signature.update(authenticator);
        signature.update(sha256(client));
        return credential(
                Map.of(
                        "clientDataJSON",
                        base64(client),
                        "authenticatorData",
                        base64(authenticator),
                        "signature",
                        base64(signature.sign())));
    }

    private byte[] clientData(String type, JsonNode options) {
        return JsonMapper.shared()
                .writeValueAsBytes(
                        Map.of(
                                "type",
                                type,
                                "challenge",
                                options.path("challenge").asString(),
                                "origin",
                                origin,
                                "crossOrigin",
                                false));
    }

    private byte[] authenticatorData(String site, int more) throws GeneralSecurityException {
        int flags = USER_PRESENT | (verifies ? USER_VERIFIED : 0) | more;
        return joined(
                sha256(site.getBytes(UTF_8)),
                new byte[] {(byte) flags},
                ByteBuffer.allocate(4).putInt(count).array());
    }

    /** In COSE: {1: 2, 3: -7, -1: 1, -2: x, -3: y}. */
    private byte[] publicKey() {
        ECPublicKey point = (ECPublicKey) key.getPublic();
        return joined(
                new byte[] {(byte) 0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21},
                bytes(coordinate(point.getW().getAffineX())),
                new byte[] {0x22},
                bytes(coordinate(point.getW().getAffineY())));
    }

    private static byte[] coordinate(BigInteger value) {
        byte[] signed = value.toByteArray();
        byte[] fixed = new byte[32];
        int length = Math.min(32, signed.length);
        System.arraycopy(signed, signed.length - length, fixed, 32 - length, length);
        return fixed;
    }

    private static byte[] text(String text) {
        return joined(new byte[] {(byte) (0x60 + text.length())}, text.getBytes(UTF_8));
    }

    private static byte[] bytes(byte[] content) {
        return joined(
                content.length < 256
                        ? new byte[] {0x58, (byte) content.length}
                        : new byte[] {0x59, (byte) (content.length >> 8), (byte) content.length},
                content);
    }

    private static byte[] joined(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        Arrays.stream(parts).forEach(all::writeBytes);
        return all.toByteArray();
    }

    private String credential(Map<String, Object> response) {
        return JsonMapper.shared()
                .writeValueAsString(
                        Map.of(
                                "id",
                                base64(id),
                                "rawId",
                                base64(id),
                                "type",
                                "public-key",
                                "response",
                                response,
                                "clientExtensionResults",
                                Map.of()));
    }

    private static byte[] sha256(byte[] content) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(content);
    }

    private static String base64(byte[] content) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(content);
    }
}
