package care.example.rota.patient;

import jakarta.persistence.AttributeConverter;
import jakarta.persistence.Converter;
import org.springframework.security.crypto.encrypt.BytesEncryptor;
import org.springframework.security.crypto.encrypt.AesBytesEncryptor;
import org.springframework.security.crypto.keygen.KeyGenerators;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import java.util.Base64;
import javax.crypto.spec.SecretKeySpec;

/** What says something about the body is sealed with AES-256-GCM before it goes into a column. */
@Converter
@Component
class SealedConverter implements AttributeConverter<String, String> {
    private final BytesEncryptor aes;

    SealedConverter(@Value("${rota.seal-key}") String key) {
        aes = new AesBytesEncryptor(new SecretKeySpec(Base64.getDecoder().decode(key), "AES"), KeyGenerators.secureRandom(12), AesBytesEncryptor.CipherAlgorithm.GCM);
    }

    @Override public String convertToDatabaseColumn(String s) { return s == null ? null : Base64.getEncoder().encodeToString(aes.encrypt(s.getBytes())); }
    @Override public String convertToEntityAttribute(String s) { return s == null ? null : new String(aes.decrypt(Base64.getDecoder().decode(s))); }
}
