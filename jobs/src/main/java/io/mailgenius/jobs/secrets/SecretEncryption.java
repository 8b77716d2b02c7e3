package io.mailgenius.jobs.secrets;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.aead.KmsEnvelopeAead;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Encrypts secrets before they are stored, in columns of the domain {@code sealed_secret}. Each is
 * encrypted under a key of its own (AES-256-GCM), and that key under the newest of the master keys,
 * which are in a file and never in the database. A new master key therefore changes the envelope of
 * a secret and not the secret's own encryption.
 */
@Component
public final class SecretEncryption {

    private final MasterKeys masterKeys;

    /**
     * @param file the setting; empty for {@code master-keys.json} in the shared folder
     */
    @Autowired
    SecretEncryption(
            @Value("${mailgenius.master-keys-file:}") String file,
            @Value("${mailgenius.shared-dir:${mailgenius.data-dir:./data}}") Path sharedDir) {
        this(file.isEmpty() ? sharedDir.resolve("master-keys.json") : Path.of(file));
    }

    /**
     * @param file of the master keys; made by the first encryption unless it is there
     */
    public SecretEncryption(Path file) {
        this.masterKeys = new MasterKeys(file);
    }

    /**
     * @param purpose what the secret is for and whose it is; only the same purpose decrypts it, so
     *     that a secret that was copied into another row is not accepted there
     * @throws SecretUnreadable if there are no master keys to encrypt with
     */
    public byte[] encrypt(byte[] plain, String purpose) {
        try {
            return envelope(masterKeys.aead()).encrypt(plain, purpose.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new SecretUnreadable("A secret cannot be encrypted", e);
        }
    }

    /**
     * @throws SecretUnreadable if the master key is not in the file, or the purpose is another one,
     *     or the bytes were changed
     */
    public byte[] decrypt(byte[] sealed, String purpose) {
        try {
            return envelope(masterKeys.aead()).decrypt(sealed, purpose.getBytes(UTF_8));
        } catch (GeneralSecurityException perhapsANewerKey) {
            try {
                return envelope(masterKeys.readAgain()).decrypt(sealed, purpose.getBytes(UTF_8));
            } catch (GeneralSecurityException e) {
                throw new SecretUnreadable(
                        "A stored secret (%s) cannot be decrypted with the master keys in %s: restore"
                                        .formatted(purpose, masterKeys.file())
                                + " the file that MAILGENIUS_MASTER_KEYS_FILE named when it was stored,"
                                + " or store the secret again",
                        e);
            }
        }
    }

    MasterKeys masterKeys() {
        return masterKeys;
    }

    /** The same secret with its own key encrypted under the newest master key. */
    byte[] underNewest(byte[] sealed) throws GeneralSecurityException {
        ByteBuffer parts = ByteBuffer.wrap(sealed);
        byte[] key = new byte[parts.getInt()];
        parts.get(key);
        byte[] content = new byte[parts.remaining()];
        parts.get(content);
        Aead master = masterKeys.aead();
        byte[] newKey = master.encrypt(master.decrypt(key, new byte[0]), new byte[0]);
        return ByteBuffer.allocate(Integer.BYTES + newKey.length + content.length)
                .putInt(newKey.length)
                .put(newKey)
                .put(content)
                .array();
    }

    private static Aead envelope(Aead master) throws GeneralSecurityException {
        return KmsEnvelopeAead.create(PredefinedAeadParameters.AES256_GCM, master);
    }
}
