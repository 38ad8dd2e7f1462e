package downstream.eval.data;

import downstream.eval.BadInput;
import downstream.eval.Digest;
import downstream.eval.data.annotation.DataFile;
import downstream.eval.data.annotation.UncheckedImage;
import downstream.eval.data.image.Image;
import downstream.eval.data.image.ImageFile;
import downstream.eval.data.image.ImageHeader;
import downstream.eval.data.image.ImageSize;
import downstream.eval.data.image.LabelMap;
import downstream.eval.data.image.LabelPng;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Facts read from an image's files: read once each, many at a time.
 *
 * @param size upright
 * @param image SHA-256 of its bytes
 * @param labels SHA-256 of the label map's bytes, or "" without one
 * @param pixels how many pixels of the label map have each of its 256 values; empty without one
 * @param defect why image or label map cannot be used
 */
record FileCheck(
    ImageSize size, String image, String labels, List<Long> pixels, Optional<BadInput> defect) {

  /**
   * Reads the files of each image.
   *
   * @param decode whether images are decoded to the last pixel, or their headers suffice
   * @param data whose classes and ignored values the label maps are held against
   */
  static List<FileCheck> of(List<UncheckedImage> unchecked, boolean decode, DataFile data) {
    return unchecked.parallelStream().map(draft -> of(draft, decode, data)).toList();
  }

  private static FileCheck of(UncheckedImage draft, boolean decode, DataFile data) {
    try {
      byte[] bytes = ImageFile.bytes(draft.file());
      Optional<ImageSize> header = decode ? Optional.empty() : ImageHeader.size(bytes);
      ImageSize size = header.orElseGet(() -> decodedSize(draft.file(), bytes));
      FileCheck image = new FileCheck(size, Digest.of(bytes), "", List.of(), Optional.empty());
      return draft.labelMap().isEmpty() ? image : image.withLabels(draft.labelMap().get(), data);
    } catch (BadInput defect) {
      return new FileCheck(ImageSize.UNKNOWN, "", "", List.of(), Optional.of(defect));
    }
  }

  /** Returns the facts about the image alone. */
  FileCheck withoutLabels() {
    return new FileCheck(size, image, "", List.of(), Optional.empty());
  }

  private static ImageSize decodedSize(Path file, byte[] bytes) {
    Image image = Image.decode(file, bytes);
    return new ImageSize(image.width(), image.height());
  }

  private FileCheck withLabels(Path file, DataFile data) {
    byte[] bytes = ImageFile.bytes(file);
    LabelMap map = LabelPng.decode(file, bytes);
    ImageSize mapped = new ImageSize(map.width(), map.height());
    if (!mapped.equals(size)) {
      String problem = "has " + mapped + " pixels, its image has " + size;
      throw new BadInput(
          file, problem, "Make a label map of the size that the image has after EXIF rotation");
    }
    Long[] pixels = new Long[256];
    Arrays.fill(pixels, 0L);
    for (byte value : map.values()) {
      pixels[value & 0xFF]++;
    }
    for (int value = data.classes().size(); value < LabelMap.IGNORE; value++) {
      if (pixels[value] > 0 && !data.ignore().contains(value)) {
        throw new BadInput(
            file,
            pixels[value] + " pixels have value " + value + ", which has no class",
            "Add it to 'ignore', or to 'classes', which has values 0 to "
                + (data.classes().size() - 1));
      }
    }
    return new FileCheck(size, image, Digest.of(bytes), List.of(pixels), Optional.empty());
  }
}
