package downstream.eval.data.image;

import java.util.Set;

/**
 * Decodes label maps one after the other in the same memory, as a score over thousands of them
 * wants it: a map is valid until the next one of its size is read. For one thread.
 */
public final class LabelMapReader {
  private byte[] spare = new byte[0];

  /** {@link LabelMap#decode}, in the memory of the map before. */
  public LabelMap decode(Object where, byte[] png, Set<Integer> ignore) {
    LabelMap map = LabelPng.decode(where, png, spare);
    spare = map.values();
    return map.classes(ignore);
  }
}
