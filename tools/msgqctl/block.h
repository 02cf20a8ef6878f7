/* SPDX-License-Identifier: MIT */
/*
 * Blocks of a file that several senders share, as messages.
 *
 *   byte 0..1   the part, from 1, little-endian
 *   byte 2..7   offset of the data in the file, little-endian
 *   byte 8..63  up to 56 bytes of data
 *
 * A block without data ends its part: the part has all bytes up to the
 * offset. The message of length 0 would not say whose end it is, which
 * matters when a part has had more than one sender.
 */
#ifndef MSGQCTL_BLOCK_H
#define MSGQCTL_BLOCK_H

#include <cstddef>
#include <cstdint>

constexpr size_t block_header = 8;
constexpr size_t block_data = 56;
constexpr size_t block_size = block_header + block_data;
constexpr uint64_t block_file_max = (uint64_t{ 1 } << 48) - block_data;

struct BlockHeader {
	uint16_t part;
	uint64_t offset;
};

inline void put_block_header(uint8_t *block, BlockHeader header)
{
	block[0] = static_cast<uint8_t>(header.part);
	block[1] = static_cast<uint8_t>(header.part >> 8);
	for (int i = 0; i < 6; i++)
		block[2 + i] = static_cast<uint8_t>(header.offset >> 8 * i);
}

inline BlockHeader get_block_header(const uint8_t *block)
{
	BlockHeader header{ static_cast<uint16_t>(block[0] | block[1] << 8), 0 };

	for (int i = 0; i < 6; i++)
		header.offset |= static_cast<uint64_t>(block[2 + i]) << 8 * i;
	return header;
}

/*
 * Where part @number of @of begins in a file of @size bytes; it ends where
 * the next one begins. Whole blocks, so that only the last one is short.
 */
inline uint64_t part_begin(uint64_t size, uint64_t number, uint64_t of)
{
	uint64_t blocks = size / block_data + (size % block_data != 0);
	uint64_t begin = (number - 1) * (blocks / of) * block_data;

	/* The first parts get one more each of what is left over. */
	begin += (number - 1 < blocks % of ? number - 1 : blocks % of) * block_data;
	return begin < size ? begin : size;
}

#endif
