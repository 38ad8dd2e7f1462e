package downstream.eval;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A SHA-256 under construction; every part is framed by its length, so that parts cannot run into
 * each other.
 */
public final class Digest {
  private final MessageDigest sha256 = newSha256();

  /** Adds one text. */
  public Digest add(String text) {
    return add(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds one block of bytes. */
  public Digest add(byte[] bytes) {
    sha256.update(Long.toString(bytes.length).getBytes(StandardCharsets.US_ASCII));
    sha256.update((byte) ':');
    sha256.update(bytes);
    return this;
  }

  /**
   * The digest of all parts so far, 64 hexadecimal digits; afterwards the digest starts empty
   * again.
   */
  public String hex() {
    return HexFormat.of().formatHex(sha256.digest());
  }

  /** Plain SHA-256 of these bytes (no framing), as {@code sha256sum} prints it. */
  public static String of(byte[] bytes) {
    return HexFormat.of().formatHex(newSha256().digest(bytes));
  }

  /** Plain SHA-256 of a file's bytes, as {@code sha256sum} prints it. */
  public static String of(Path file) throws IOException {
    MessageDigest digest = newSha256();
    byte[] buffer = new byte[1 << 14];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newSha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
