/** Pairs of regions: nearest images, matched regions, selection, the file of pairs. */
@NullMarked
package downstream.pretrain.mining.pairs;

import org.jspecify.annotations.NullMarked;
