package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A source and its position in a data YAML: its paths resolve against the folder of the YAML.
 *
 * @param data the YAML
 * @param split the split it is part of
 * @param index its position there
 */
public record SourceLocation(DataFile data, String split, int index) {
  public Source source() {
    return data.sources(split).get(index);
  }

  /** {@code data.yaml: train[0]}, for messages. */
  @Override
  public String toString() {
    return data.file() + ": " + split + "[" + index + "]";
  }

  /** The folder in which images are looked for, for messages. */
  public Path imageFolder() {
    return path("images").or(() -> path("root")).orElse(data.file());
  }

  Optional<Path> path(String key) {
    return Optional.ofNullable(source().keys().get(key)).map(data.file()::resolveSibling);
  }

  /**
   * The folder a key names, or the one under {@code root} of that name.
   *
   * @throws BadInput if there is no such folder
   */
  Path folder(String key, String underRoot) {
    Path folder = path(key).orElseGet(() -> path("root").orElseThrow().resolve(underRoot));
    if (!Files.isDirectory(folder)) {
      String fix = "Check '" + key + "' of " + this;
      throw new BadInput(folder, "no such folder", fix);
    }
    return folder;
  }

  Path folder(String key) {
    return folder(key, key);
  }

  /**
   * The file a key names.
   *
   * @throws BadInput if there is no such file
   */
  Path file(String key) {
    Path file = path(key).orElseThrow();
    if (!Files.isRegularFile(file)) {
      throw new BadInput(file, "no such file", "Check '" + key + "' of " + this);
    }
    return file;
  }
}
