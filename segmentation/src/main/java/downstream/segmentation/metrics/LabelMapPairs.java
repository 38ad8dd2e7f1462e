package downstream.segmentation.metrics;

import downstream.eval.BadInput;
import downstream.eval.data.image.LabelMap;
import downstream.eval.data.image.LabelMapReader;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The label maps (PNG) of a folder or a ZIP, by their relative names. Reading is thread-safe. */
public final class LabelMapPairs implements AutoCloseable {
  private final Path source;
  private final Path root;
  private final @Nullable FileSystem zip;
  private final Set<String> names;

  private LabelMapPairs(Path source, Path root, @Nullable FileSystem zip) throws IOException {
    this.source = source;
    this.root = root;
    this.zip = zip;
    try (Stream<Path> files = Files.walk(root)) {
      names =
          files
              .filter(Files::isRegularFile)
              .map(file -> root.relativize(file).toString().replace('\\', '/'))
              .filter(name -> name.toLowerCase(Locale.ROOT).endsWith(".png"))
              .filter(name -> !name.substring(name.lastIndexOf('/') + 1).startsWith("."))
              .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  /**
   * Lists what is there.
   *
   * @throws BadInput if it is neither a folder nor a ZIP, or holds no PNG
   */
  public static LabelMapPairs open(Path folderOrZip) {
    try {
      LabelMapPairs maps = read(folderOrZip);
      if (maps.names.isEmpty()) {
        maps.close();
        throw new BadInput(folderOrZip, "holds no PNG", "Put one label map per image into it");
      }
      return maps;
    } catch (IOException | ProviderNotFoundException e) {
      throw new BadInput(
          folderOrZip,
          "is neither a folder nor a readable ZIP (" + e.getMessage() + ")",
          "Give the folder or ZIP of label maps",
          e);
    }
  }

  private static LabelMapPairs read(Path folderOrZip) throws IOException {
    if (!Files.exists(folderOrZip)) {
      throw new BadInput(folderOrZip, "no such folder or file", "Check the path");
    }
    if (Files.isDirectory(folderOrZip)) {
      return new LabelMapPairs(folderOrZip, folderOrZip, null);
    }
    FileSystem zip = FileSystems.newFileSystem(folderOrZip);
    try {
      return new LabelMapPairs(folderOrZip, zip.getPath("/"), zip);
    } catch (IOException | RuntimeException e) {
      zip.close();
      throw e;
    }
  }

  /** Names in ascending order. */
  public List<String> names() {
    return List.copyOf(names);
  }

  /** Returns the name that errors use for the label map of that name. */
  public String where(String name) {
    return source + (zip == null ? "/" : "!") + name;
  }

  /**
   * The label map of that name.
   *
   * @param ignore values that belong to no class, besides 255
   * @throws BadInput if there is none of that name, or it is no single-channel PNG
   */
  public LabelMap read(String name, Set<Integer> ignore) {
    return read(name, ignore, new LabelMapReader());
  }

  LabelMap read(String name, Set<Integer> ignore, LabelMapReader reader) {
    if (!names.contains(name)) {
      throw new BadInput(
          source, "has no label map '" + name + "'", "Add a label map for every image");
    }
    try {
      return reader.decode(where(name), Files.readAllBytes(root.resolve(name)), ignore);
    } catch (IOException e) {
      throw new BadInput(where(name), "cannot be read (" + e + ")", "Write the label map again", e);
    }
  }

  /**
   * The prediction of that name, held against its truth.
   *
   * @throws BadInput if it is missing, no label map, or of another size
   */
  public LabelMap prediction(String name, LabelMap groundTruth) {
    return prediction(name, groundTruth, new LabelMapReader());
  }

  LabelMap prediction(String name, LabelMap groundTruth, LabelMapReader reader) {
    LabelMap prediction = read(name, Set.of(), reader);
    if (prediction.width() != groundTruth.width() || prediction.height() != groundTruth.height()) {
      throw new BadInput(
          where(name),
          "is "
              + prediction.width()
              + "×"
              + prediction.height()
              + " pixels, but the ground truth is "
              + groundTruth.width()
              + "×"
              + groundTruth.height(),
          "Bring predictions back to the size of the image");
    }
    return prediction;
  }

  @Override
  public void close() {
    if (zip != null) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
