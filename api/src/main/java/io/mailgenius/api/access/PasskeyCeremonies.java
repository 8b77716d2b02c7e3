package io.mailgenius.api.access;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.mailgenius.jobs.people.Passkeys;
import io.mailgenius.jobs.people.Passkeys.Holder;
import io.mailgenius.jobs.workspaces.Refusal;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.security.web.webauthn.api.AttestationConveyancePreference;
import org.springframework.security.web.webauthn.api.AuthenticatorAssertionResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorAttestationResponse;
import org.springframework.security.web.webauthn.api.AuthenticatorSelectionCriteria;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.PublicKeyCredential;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialCreationOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialDescriptor;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialParameters;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRequestOptions;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialRpEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.ResidentKeyRequirement;
import org.springframework.security.web.webauthn.api.UserVerificationRequirement;
import org.springframework.security.web.webauthn.jackson.WebauthnJacksonModule;
import org.springframework.security.web.webauthn.management.ImmutableRelyingPartyRegistrationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyAuthenticationRequest;
import org.springframework.security.web.webauthn.management.RelyingPartyPublicKey;
import org.springframework.security.web.webauthn.management.WebAuthnRelyingPartyOperations;
import org.springframework.security.web.webauthn.management.Webauthn4JRelyingPartyOperations;
import org.springframework.stereotype.Component;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * The two ceremonies of WebAuthn. Of a ceremony the session keeps the challenge, which is used
 * once, within {@link #LIFE}; the rest of the options is the same each time.
 */
@Component
class PasskeyCeremonies {

    static final Duration LIFE = Duration.ofMinutes(5);

    private static final String CHALLENGE = "passkey-challenge";
    private static final String UNTIL = "passkey-until";

    private final Passkeys passkeys;
    private final PasskeyRecords records;
    private final PublicKeyCredentialRpEntity site;
    private final WebAuthnRelyingPartyOperations operations;
    private final JsonMapper json =
            JsonMapper.builder()
                    .addModule(new WebauthnJacksonModule())
                    // Browsers take no null in the place of an object.
                    .changeDefaultPropertyInclusion(
                            it -> it.withValueInclusion(JsonInclude.Include.NON_NULL))
                    .build();

    PasskeyCeremonies(
            Passkeys passkeys,
            PasskeyRecords records,
            @Value("${mailgenius.public-url:http://localhost:8080}") URI publicUrl) {
        this.passkeys = passkeys;
        this.records = records;
        this.site =
                PublicKeyCredentialRpEntity.builder()
                        .id(publicUrl.getHost())
                        .name("MailGenius")
                        .build();
        this.operations =
                new Webauthn4JRelyingPartyOperations(
                        records, records, site, Set.of(origin(publicUrl)));
    }

    private static String origin(URI url) {
        return url.getScheme()
                + "://"
                + url.getHost()
                + (url.getPort() < 0 ? "" : ":" + url.getPort());
    }

    /** Something about the ceremony was wrong: which of many things is not told. */
    static final class Failed extends RuntimeException {

        private final @Nullable Long personId;

        Failed(@Nullable Long personId, Exception cause) {
            super("A ceremony failed: " + cause.getMessage(), cause, false, false);
            this.personId = personId;
        }

        /** Whose passkey it is said to be. */
        Optional<Long> personId() {
            return Optional.ofNullable(personId);
        }
    }

    /** What the browser passes to {@code navigator.credentials.create}, in JSON. */
    String creationOptions(HttpSession session, long personId) {
        return json.writeValueAsString(creation(holder(personId), newChallenge(session)));
    }

    private Holder holder(long personId) {
        return passkeys.holder(personId)
                .orElseThrow(() -> new Refusal.NotFound("person", personId));
    }

    private static Bytes newChallenge(HttpSession session) {
        Bytes challenge = Bytes.random();
        session.setAttribute(CHALLENGE, challenge.toBase64UrlString());
        session.setAttribute(UNTIL, System.currentTimeMillis() + LIFE.toMillis());
        return challenge;
    }

    private PublicKeyCredentialCreationOptions creation(Holder holder, Bytes challenge) {
        return PublicKeyCredentialCreationOptions.builder()
                .rp(site)
                .user(PasskeyRecords.entity(holder))
                .challenge(challenge)
                .pubKeyCredParams(
                        PublicKeyCredentialParameters.EdDSA,
                        PublicKeyCredentialParameters.ES256,
                        PublicKeyCredentialParameters.RS256)
                .attestation(AttestationConveyancePreference.NONE)
                .authenticatorSelection(
                        AuthenticatorSelectionCriteria.builder()
                                .residentKey(ResidentKeyRequirement.PREFERRED)
                                .userVerification(UserVerificationRequirement.PREFERRED)
                                .build())
                .excludeCredentials(descriptors(holder))
                .timeout(LIFE)
                .build();
    }

    private List<PublicKeyCredentialDescriptor> descriptors(Holder holder) {
        return records.findByUserId(new Bytes(holder.handle())).stream()
                .map(
                        it ->
                                PublicKeyCredentialDescriptor.builder()
                                        .id(it.getCredentialId())
                                        .transports(it.getTransports())
                                        .build())
                .toList();
    }

    /**
     * @param credential the JSON of what the browser made
     * @throws Failed if it is not what was asked for
     * @throws Refusal if the name does not do, or the person has too many
     */
    void register(HttpSession session, long personId, String name, String credential) {
        PublicKeyCredentialCreationOptions options =
                creation(holder(personId), challenge(session, personId));
        try {
            operations.registerCredential(
                    new ImmutableRelyingPartyRegistrationRequest(
                            options,
                            new RelyingPartyPublicKey(
                                    json.readValue(
                                            credential,
                                            new TypeReference<
                                                    PublicKeyCredential<
                                                            AuthenticatorAttestationResponse>>() {}),
                                    name)));
        } catch (Refusal refused) {
            throw refused;
        } catch (RuntimeException wrong) {
            throw new Failed(personId, wrong);
        }
    }

    private static Bytes challenge(HttpSession session, @Nullable Long personId) {
        Object challenge = session.getAttribute(CHALLENGE);
        Object until = session.getAttribute(UNTIL);
        session.removeAttribute(CHALLENGE);
        session.removeAttribute(UNTIL);
        if (challenge instanceof String text
                && until instanceof Long end
                && System.currentTimeMillis() < end) {
            return Bytes.fromBase64(text);
        }
        throw new Failed(personId, new IllegalStateException("no ceremony has begun"));
    }

    /**
     * What the browser passes to {@code navigator.credentials.get}, in JSON.
     *
     * @param pending whose second factor is asked for; null if anybody may sign in
     */
    String requestOptions(HttpSession session, @Nullable Long pending) {
        return json.writeValueAsString(request(pending, newChallenge(session)));
    }

    /** As the only factor a passkey proves a person and not only a device. */
    private PublicKeyCredentialRequestOptions request(@Nullable Long pending, Bytes challenge) {
        return PublicKeyCredentialRequestOptions.builder()
                .rpId(site.getId())
                .challenge(challenge)
                .allowCredentials(pending == null ? List.of() : descriptors(holder(pending)))
                .userVerification(
                        pending == null
                                ? UserVerificationRequirement.REQUIRED
                                : UserVerificationRequirement.PREFERRED)
                .timeout(LIFE)
                .build();
    }

    /**
     * @param credential the JSON of what the browser answered
     * @return who it is; if somebody's second factor was asked for, nobody else
     * @throws Failed if it is not what was asked for
     */
    long authenticate(HttpSession session, @Nullable Long pending, String credential) {
        PublicKeyCredentialRequestOptions options = request(pending, challenge(session, pending));
        Long claimed = pending;
        try {
            PublicKeyCredential<AuthenticatorAssertionResponse> answer =
                    json.readValue(
                            credential,
                            new TypeReference<
                                    PublicKeyCredential<AuthenticatorAssertionResponse>>() {});
            long owner =
                    passkeys.find(answer.getRawId().getBytes())
                            .map(Passkeys.StoredPasskey::personId)
                            .orElseThrow(() -> new IllegalArgumentException("nobody has it"));
            claimed = owner;
            if (pending != null && pending != owner) {
                throw new IllegalArgumentException("it is somebody else's");
            }
            PublicKeyCredentialUserEntity entity =
                    operations.authenticate(new RelyingPartyAuthenticationRequest(options, answer));
            return passkeys.holder(entity.getId().getBytes()).orElseThrow().personId();
        } catch (RuntimeException wrong) {
            throw new Failed(claimed, wrong);
        }
    }
}
