/** What is watched while an encoder is pretrained: collapse, rank, neighbours, pictures. */
@NullMarked
package downstream.pretrain.watch;

import org.jspecify.annotations.NullMarked;
