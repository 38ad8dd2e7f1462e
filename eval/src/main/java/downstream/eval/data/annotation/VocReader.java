package downstream.eval.data.annotation;

import downstream.eval.BadInput;
import downstream.eval.Json;
import downstream.eval.data.annotation.UncheckedImage.Contents;
import downstream.eval.data.annotation.UncheckedImage.UncheckedBox;
import downstream.eval.data.image.ImageFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Reads Pascal VOC folders: images in {@code JPEGImages}, one XML file each in {@code Annotations}
 * (Everingham et al., The PASCAL VOC Challenge, 2010). An image and its XML belong together by file
 * name; the {@code filename} element decides only where no image has the XML's name. An image
 * without an XML file has no objects and counts.
 */
public final class VocReader {
  private final SourceLocation place;
  private final DataIssues issues;
  private final NavigableMap<String, Path> images;
  private final Map<String, String> imageByStem = new HashMap<>();
  private final NavigableMap<String, Path> annotations;
  private final Map<String, VocAnnotation> parsed = new HashMap<>();

  private VocReader(SourceLocation place, DataIssues issues) {
    this.place = place;
    this.issues = issues;
    this.images = SortedFiles.images(place.folder("images", "JPEGImages"));
    this.annotations = SortedFiles.endingWith(place.folder("annotations", "Annotations"), ".xml");
    images.keySet().forEach(name -> imageByStem.put(ImageFile.stem(name), name));
  }

  public static Contents read(SourceLocation place, DataIssues issues) {
    return new VocReader(place, issues).contents();
  }

  private Contents contents() {
    Map<String, String> annotationByImage = new HashMap<>();
    for (String name : annotations.keySet()) {
      imageOf(name).ifPresent(image -> annotationByImage.put(image, name));
    }
    List<String> selected = ImageSubset.of(place, images.keySet(), issues);
    checkClasses(selected, annotationByImage);
    long id = 0;
    List<UncheckedImage> unchecked = new ArrayList<>();
    for (String name : selected) {
      Path file = Objects.requireNonNull(images.get(name));
      VocAnnotation annotation = annotation(annotationByImage.get(name));
      if (!annotationByImage.containsKey(name)) {
        issues.warn(file, "has no XML file; it counts as an image without objects");
      }
      List<UncheckedBox> marks = new ArrayList<>();
      for (VocObject object : annotation.objects()) {
        id++;
        uncheckedBox(object, id).ifPresent(marks::add);
      }
      unchecked.add(
          new UncheckedImage(
              unchecked.size() + 1, name, file, annotation.size(), marks, Optional.empty()));
    }
    return new Contents(categories(), unchecked);
  }

  /** The image an XML file is about. */
  private Optional<String> imageOf(String annotation) {
    String stem = ImageFile.stem(annotation);
    if (imageByStem.containsKey(stem)) {
      return Optional.ofNullable(imageByStem.get(stem));
    }
    Path file = Objects.requireNonNull(annotations.get(annotation));
    String named = annotation(annotation).filename();
    Optional<String> image = Optional.of(named).filter(images::containsKey);
    if (image.isPresent()) {
      issues.warn(
          file, "no image is called '" + stem + "'; using '" + named + "', which the XML names");
    } else if (place.source().list() == null) {
      issues.defect(
          file,
          "names image '" + named + "', which does not exist, nor does '" + stem + "'",
          "Add the image, or remove the XML file");
    }
    return image;
  }

  private VocAnnotation annotation(@org.jspecify.annotations.Nullable String name) {
    Path file = name == null ? null : annotations.get(name);
    return name == null || file == null
        ? VocAnnotation.NONE
        : parsed.computeIfAbsent(name, key -> parse(file));
  }

  private VocAnnotation parse(Path file) {
    try {
      return VocAnnotation.read(file, issues);
    } catch (BadInput notXml) {
      issues.defect(notXml);
      return VocAnnotation.NONE;
    }
  }

  /** Checks that class names are given; the error lists those that occur. */
  private void checkClasses(List<String> selected, Map<String, String> annotationByImage) {
    if (!place.data().classes().isEmpty()) {
      return;
    }
    TreeSet<String> found = new TreeSet<>();
    for (String name : selected) {
      annotation(annotationByImage.get(name)).objects().forEach(object -> found.add(object.name()));
    }
    throw new BadInput(
        place.data().file(),
        "VOC annotations need 'classes'",
        "Add classes: [" + String.join(", ", found) + "]");
  }

  private List<Category> categories() {
    List<Category> categories = new ArrayList<>();
    for (String name : place.data().classes()) {
      categories.add(new Category(categories.size() + 1, name));
    }
    return categories;
  }

  private Optional<UncheckedBox> uncheckedBox(VocObject object, long id) {
    List<String> classes = place.data().classes();
    int category = classes.indexOf(object.name()) + 1;
    if (category == 0) {
      issues.defect(
          object.where(),
          "names class '" + object.name() + "', which does not exist",
          "Did you mean '" + Json.nearest(object.name(), classes) + "'? Known: " + classes);
      return Optional.empty();
    }
    return Optional.of(new UncheckedBox(object.where(), object.box(id, category)));
  }
}
