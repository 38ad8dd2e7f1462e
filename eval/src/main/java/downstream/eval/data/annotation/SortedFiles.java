package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import downstream.eval.data.image.ImageFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Lists the files under a folder. */
public final class SortedFiles {
  private SortedFiles() {}

  /** The images under a folder: name relative to it, with {@code /}, to file; hidden ones not. */
  public static NavigableMap<String, Path> images(Path folder) {
    return files(folder, ImageFile::hasImageName);
  }

  /** The files under a folder whose names end so, by relative name. */
  static NavigableMap<String, Path> endingWith(Path folder, String ending) {
    return files(
        folder,
        file -> {
          String name = file.getFileName().toString();
          return !name.startsWith(".") && name.toLowerCase(java.util.Locale.ROOT).endsWith(ending);
        });
  }

  private static NavigableMap<String, Path> files(Path folder, Predicate<Path> wanted) {
    NavigableMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> paths = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      paths
          .filter(path -> wanted.test(path) && Files.isRegularFile(path))
          .forEach(path -> files.put(relative(folder, path), path));
    } catch (UncheckedIOException e) {
      throw BadInput.unreadable(folder, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw BadInput.unreadable(folder, e);
    }
    return files;
  }

  private static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }
}
