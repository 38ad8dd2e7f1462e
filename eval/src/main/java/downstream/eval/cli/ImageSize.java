package downstream.eval.cli;

import downstream.eval.BadInput;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the size of square images as it is written on the command line: 224 or 224x224. */
final class ImageSize {
  private static final Pattern SIZE = Pattern.compile("([1-9]\\d{0,4})(?:x([1-9]\\d{0,4}))?");

  private ImageSize() {}

  /**
   * The side in pixels.
   *
   * @throws BadInput if {@code text} is no size, or height and width differ
   */
  static int parse(String option, String text) {
    Matcher matcher = SIZE.matcher(text);
    if (!matcher.matches()) {
      throw new BadInput(option, "'" + text + "' is no image size", "Write it like 224x224");
    }
    if (matcher.group(2) != null && !matcher.group(2).equals(matcher.group(1))) {
      throw new BadInput(option, "'" + text + "' is not square", "Give height and width alike");
    }
    return Integer.parseInt(matcher.group(1));
  }
}
