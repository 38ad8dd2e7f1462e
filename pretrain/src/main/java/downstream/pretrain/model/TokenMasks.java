package downstream.pretrain.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import downstream.pretrain.masks.RandomMask;
import java.util.List;

/**
 * MAE's masks of a batch as arrays. N images, L tokens of an image, V of them visible.
 *
 * @param idsKeep int64 [N, V]
 * @param idsRestore int64 [N, L]
 * @param removed float32 [N, L], 1 where a token is removed
 */
public record TokenMasks(NDArray idsKeep, NDArray idsRestore, NDArray removed) {
  public static TokenMasks of(List<RandomMask> masks, NDManager manager) {
    return new TokenMasks(
        Batches.indices(masks.stream().map(RandomMask::idsKeep).toList(), manager),
        Batches.indices(masks.stream().map(RandomMask::idsRestore).toList(), manager),
        Batches.indices(masks.stream().map(RandomMask::mask).toList(), manager)
            .toType(DataType.FLOAT32, false));
  }

  /** The arrays, for {@link #of(NDList, int)}. */
  public NDList toList() {
    return new NDList(idsKeep, idsRestore, removed);
  }

  /** The masks whose three arrays begin at a place of a list. */
  public static TokenMasks of(NDList arrays, int from) {
    return new TokenMasks(arrays.get(from), arrays.get(from + 1), arrays.get(from + 2));
  }
}
