/** Monitoring of a pretraining: collapse, effective rank, neighbours, probes, images. */
@NullMarked
package downstream.pretrain.monitor;

import org.jspecify.annotations.NullMarked;
