package downstream.detection.metrics.mask;

/**
 * COCO's text for the runs of a mask: from the fourth on each run is written as its difference to
 * the one two before, in groups of five bits, lowest first, sign extended; bit 6 says that another
 * group follows, and 48 is added to make it a printable character.
 */
final class RleCodec {
  private static final int FIRST = '0';
  private static final int BITS = 5;
  private static final int MASK = 0x1f;
  private static final int SIGN = 0x10;
  private static final int MORE = 0x20;

  private RleCodec() {}

  static String write(int[] runs) {
    StringBuilder text = new StringBuilder(2 * runs.length);
    for (int i = 0; i < runs.length; i++) {
      long rest = i > 2 ? (long) runs[i] - runs[i - 2] : runs[i];
      boolean more = true;
      while (more) {
        int group = (int) (rest & MASK);
        rest >>= BITS;
        more = rest != ((group & SIGN) != 0 ? -1 : 0);
        text.append((char) (FIRST + (more ? group | MORE : group)));
      }
    }
    return text.toString();
  }

  /**
   * Reads the runs.
   *
   * @throws IllegalArgumentException if a character cannot occur, the text ends within a run, or a
   *     run comes out negative
   */
  static int[] read(String text) {
    IntList runs = new IntList();
    for (int at = 0; at < text.length(); ) {
      long value = 0;
      int shift = 0;
      boolean more = true;
      while (more) {
        int group = at < text.length() ? text.charAt(at) - FIRST : -1;
        if (group < 0 || group >= 2 * MORE || shift > 7 * BITS) {
          throw new IllegalArgumentException(
              at < text.length()
                  ? "character '" + text.charAt(at) + "' at " + at + " cannot occur in RLE text"
                  : "the RLE text ends within a run");
        }
        value |= (long) (group & MASK) << shift;
        shift += BITS;
        more = (group & MORE) != 0;
        value |= !more && (group & SIGN) != 0 ? -1L << shift : 0;
        at++;
      }
      value += runs.size() > 2 ? runs.get(runs.size() - 2) : 0;
      if (value < 0 || value > Integer.MAX_VALUE) {
        throw new IllegalArgumentException("RLE text gives a run of " + value + " pixels");
      }
      runs.add((int) value);
    }
    return runs.toArray();
  }
}
