package downstream.eval;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.zip.ZipException;

/**
 * Input that cannot be used: a file, a field or a flag that is not what it must be. Found before
 * anything expensive starts; the command line prints the message and exits with 2.
 */
public final class BadInput extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param where the file, flag or field, with line or id where there is one
   * @param problem what was expected and what was found (quoted)
   * @param fix what the user can do about it
   */
  public BadInput(Object where, String problem, String fix) {
    super(where + ": " + problem + ". " + fix);
  }

  /**
   * Error as {@link #BadInput(Object, String, String)}, keeping the cause for {@code --stacktrace}.
   */
  public BadInput(Object where, String problem, String fix, Throwable cause) {
    super(where + ": " + problem + ". " + fix, cause);
  }

  /**
   * Returns the error of a file or folder that could not be opened or read to its end. It says
   * which of these it is, and why.
   */
  public static BadInput unreadable(Path path, IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return new BadInput(path, "no such file or folder", "Check the path", cause);
    }
    if (cause instanceof AccessDeniedException) {
      String fix = "Give the user who runs this the permission to read it";
      return new BadInput(path, "cannot be opened: permission denied", fix, cause);
    }
    if (cause instanceof NotDirectoryException) {
      return new BadInput(path, "is a file, not a folder", "Give the path of a folder", cause);
    }
    if (Files.isDirectory(path) && !(cause instanceof FileSystemException)) {
      return new BadInput(path, "is a folder, not a file", "Give the path of a file in it", cause);
    }
    if (cause instanceof CharacterCodingException) {
      return new BadInput(path, "is not UTF-8 text", "Save it as UTF-8", cause);
    }
    if (cause instanceof EOFException || cause instanceof ZipException) {
      String problem = "is truncated or damaged (" + reason(cause) + ")";
      return new BadInput(path, problem, "Copy or download it again", cause);
    }
    return new BadInput(
        path,
        "exists, but reading it failed (" + reason(cause) + ")",
        "Check the disk or network folder that holds it, then try again",
        cause);
  }

  private static String reason(IOException cause) {
    String reason =
        cause instanceof FileSystemException file ? file.getReason() : cause.getMessage();
    return Objects.requireNonNullElse(reason, cause.getClass().getSimpleName());
  }
}
