package io.mailgenius.api.access;

import io.mailgenius.jobs.people.Passkeys;
import io.mailgenius.jobs.people.Passkeys.Holder;
import io.mailgenius.jobs.people.Passkeys.StoredPasskey;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.webauthn.api.AuthenticatorTransport;
import org.springframework.security.web.webauthn.api.Bytes;
import org.springframework.security.web.webauthn.api.CredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutableCredentialRecord;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCose;
import org.springframework.security.web.webauthn.api.ImmutablePublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialType;
import org.springframework.security.web.webauthn.api.PublicKeyCredentialUserEntity;
import org.springframework.security.web.webauthn.management.PublicKeyCredentialUserEntityRepository;
import org.springframework.security.web.webauthn.management.UserCredentialRepository;
import org.springframework.stereotype.Component;

/** Passkeys of people as Spring Security reads and writes them. */
@Component
class PasskeyRecords implements UserCredentialRepository, PublicKeyCredentialUserEntityRepository {

    private final Passkeys passkeys;

    PasskeyRecords(Passkeys passkeys) {
        this.passkeys = passkeys;
    }

    /** The authenticator counts less than before: somebody has a copy of it. */
    static final class Copied extends RuntimeException {
        Copied() {
            super("A passkey was used with a count that was used before", null, false, false);
        }
    }

    @Override
    public @Nullable CredentialRecord findByCredentialId(Bytes credentialId) {
        return passkeys.find(credentialId.getBytes()).map(PasskeyRecords::record).orElse(null);
    }

    @Override
    public List<CredentialRecord> findByUserId(Bytes userId) {
        return passkeys.holder(userId.getBytes()).stream()
                .flatMap(holder -> passkeys.stored(holder.personId()).stream())
                .map(PasskeyRecords::record)
                .toList();
    }

    private static CredentialRecord record(StoredPasskey stored) {
        return ImmutableCredentialRecord.builder()
                .credentialType(PublicKeyCredentialType.PUBLIC_KEY)
                .credentialId(new Bytes(stored.credentialId()))
                .userEntityUserId(new Bytes(stored.handle()))
                .publicKey(new ImmutablePublicKeyCose(stored.publicKey()))
                .signatureCount(stored.signCount())
                .uvInitialized(stored.userVerified())
                .transports(
                        stored.transports().stream()
                                .map(AuthenticatorTransport::valueOf)
                                .collect(Collectors.toSet()))
                .backupEligible(stored.backupEligible())
                .backupState(stored.backupState())
                .attestationObject(new Bytes(stored.attestationObject()))
                .label(stored.name())
                .created(stored.createdAt())
                .build();
    }

    /** A new one, or the use of one that is there, as {@code lastUsed} says. */
    @Override
    public void save(CredentialRecord credential) {
        byte[] id = credential.getCredentialId().getBytes();
        if (passkeys.find(id).isPresent()) {
            if (!passkeys.used(id, credential.getSignatureCount())) {
                throw new Copied();
            }
            return;
        }
        byte[] handle = credential.getUserEntityUserId().getBytes();
        Holder holder =
                passkeys.holder(handle)
                        .orElseThrow(() -> new IllegalStateException("Nobody has this handle"));
        passkeys.add(
                new StoredPasskey(
                        id,
                        handle,
                        holder.personId(),
                        credential.getLabel(),
                        credential.getPublicKey().getBytes(),
                        Objects.requireNonNull(credential.getAttestationObject()).getBytes(),
                        credential.getSignatureCount(),
                        credential.getTransports().stream()
                                .map(AuthenticatorTransport::getValue)
                                .collect(Collectors.toSet()),
                        credential.isUvInitialized(),
                        credential.isBackupEligible(),
                        credential.isBackupState(),
                        credential.getCreated()));
    }

    /** The account page removes passkeys, by their number. */
    @Override
    public void delete(Bytes credentialId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable PublicKeyCredentialUserEntity findById(Bytes id) {
        return passkeys.holder(id.getBytes()).map(PasskeyRecords::entity).orElse(null);
    }

    static PublicKeyCredentialUserEntity entity(Holder holder) {
        return ImmutablePublicKeyCredentialUserEntity.builder()
                .id(new Bytes(holder.handle()))
                .name(holder.email())
                .displayName(holder.email())
                .build();
    }

    /** People are asked for by their number alone. */
    @Override
    public @Nullable PublicKeyCredentialUserEntity findByUsername(String username) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void save(PublicKeyCredentialUserEntity userEntity) {
        throw new UnsupportedOperationException();
    }
}
