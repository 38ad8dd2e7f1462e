package downstream.eval.cli;

import downstream.eval.BadInput;
import downstream.eval.encoder.EncoderFile;
import downstream.eval.encoder.inspect.SpecProposal;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the size of square images as it is written on the command line: 224 or 224x224. */
final class ImageSizeOption {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})(?:x([1-9]\\d{0,4}))?");

  private ImageSizeOption() {}

  /**
   * Returns the image size that {@code --size} gives; where it is left out, the spec, and without
   * one the file.
   *
   * @throws BadInput as {@link #parse}, or if the file does not take square colour images
   */
  static int of(EncoderFile file, @Nullable String size) {
    if (size != null) {
      return parse("--size", size);
    }
    return file.hasSpec() ? file.spec().imageSize() : SpecProposal.imageSize(file);
  }

  /**
   * The side in pixels.
   *
   * @throws BadInput if {@code text} is no size, or height and width differ
   */
  private static int parse(String option, String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new BadInput(
          option, "'" + text + "' is not an image size", "Write it as 224 or 224x224");
    }
    if (matcher.group(2) != null && !matcher.group(2).equals(matcher.group(1))) {
      throw new BadInput(option, "'" + text + "' is not square", "Give equal height and width");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
