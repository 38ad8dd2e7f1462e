package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.image.ImageSize;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Reads folders of images by class, as torchvision's {@code ImageFolder} does: {@code
 * train/cat/1.jpg} is of class {@code cat}, and so is {@code train/cat/more/2.jpg}. The image
 * counts as one object that fills it. Classes have the ids 1, 2, … in the order of the data YAML's
 * {@code classes}, else in the order of the names of the folders of all splits.
 */
public final class ImageFolderReader {
  private final SourceLocation place;
  private final DataIssues issues;
  private final List<String> classes;

  private ImageFolderReader(SourceLocation place, DataIssues issues) {
    this.place = place;
    this.issues = issues;
    classes = classes(place.data());
  }

  public static Contents read(SourceLocation place, DataIssues issues) {
    return new ImageFolderReader(place, issues).contents();
  }

  private Contents contents() {
    Map<String, Path> images = SortedFiles.images(place.folder("images"));
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (String name : ImageSubset.of(place, images.keySet(), issues)) {
      Path file = Objects.requireNonNull(images.get(name));
      Optional<Long> category = category(name, file);
      if (category.isPresent()) {
        unchecked.add(
            new UncheckedImage(
                unchecked.size() + 1L,
                name,
                file,
                ImageSize.UNKNOWN,
                List.of(),
                Optional.empty(),
                category));
      }
    }
    List<Category> categories = new ArrayList<>();
    for (String name : classes) {
      categories.add(new Category(categories.size() + 1L, name));
    }
    return new Contents(categories, unchecked);
  }

  /**
   * The class whose folder the image is in; that it is in none, or in an unknown one, is a defect.
   */
  private Optional<Long> category(String name, Path file) {
    String below = name.substring(folder(place.source()).length());
    int slash = below.indexOf('/');
    if (slash < 0) {
      issues.defect(file, "is in no class folder", "Move it into the folder of its class");
      return Optional.empty();
    }
    String folder = below.substring(0, slash);
    int index = classes.indexOf(folder);
    if (index < 0) {
      issues.defect(
          file,
          "is in folder '" + folder + "', which is no class",
          "Did you mean '" + Json.nearest(folder, classes) + "'? Known: " + classes);
      return Optional.empty();
    }
    return Optional.of(index + 1L);
  }

  private static String folder(Source source) {
    return source.folder() == null ? "" : source.folder().replaceAll("/+$", "") + "/";
  }

  /** All splits have the same classes, whichever of them a split has images of. */
  private static List<String> classes(DataFile data) {
    if (!data.classes().isEmpty()) {
      return data.classes();
    }
    TreeSet<String> names = new TreeSet<>();
    data.splits()
        .forEach(
            (split, sources) -> {
              for (int i = 0; i < sources.size(); i++) {
                SourceLocation place = new SourceLocation(data, split, i);
                if (place.source().layout(place) == Format.IMAGE_FOLDER) {
                  names.addAll(folders(place.folder("images").resolve(folder(place.source()))));
                }
              }
            });
    return List.copyOf(names);
  }

  private static List<String> folders(Path parent) {
    try (Stream<Path> children = Files.list(parent)) {
      return children
          .filter(Files::isDirectory)
          .map(child -> String.valueOf(child.getFileName()))
          .filter(name -> !name.startsWith("."))
          .toList();
    } catch (IOException e) {
      throw BadInput.unreadable(parent, e);
    }
  }
}
