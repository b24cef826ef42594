/* SPDX-License-Identifier: GPL-2.0 */
/* Where in user memory a message's first piece is; the kernel's description of that changed three times. */
#pragma once

struct user_piece {
	__u64 at;
	__u32 length;
	__u32 pad;
};

/* Values are the running kernel's: they were renumbered in 6.4. */
enum iter_type { ITER_IOVEC, ITER_UBUF };

struct iov_iter___before_6_4 {
	const struct iovec *iov;
} __attribute__((preserve_access_index));

struct iov_iter___before_5_14 {
	unsigned int type; /* kind, and in bit 0 the direction */
} __attribute__((preserve_access_index));

static __always_inline __u32 iov_kind(const struct iov_iter *it)
{
	const struct iov_iter___before_5_14 *before = (const void *)it;

	if (bpf_core_field_exists(it->iter_type))
		return READ(it, iter_type);
	return READ(before, type) & ~1U;
}

static __always_inline const struct iovec *iov_vector(const struct iov_iter *it)
{
	const struct iov_iter___before_6_4 *before = (const void *)it;

	if (bpf_core_field_exists(it->__iov))
		return READ(it, __iov);
	return BPF_CORE_READ(before, iov);
}

/* Until 6.4 the verifier takes it for the vector it shares its place with: copied, it is a number. */
static __always_inline __u64 iov_user(const struct iov_iter *it)
{
	return (__u64)(bpf_core_field_exists(it->__iov) ? READ(it, ubuf) : BPF_CORE_READ(it, ubuf));
}

/* The first piece; false where the bytes are not in user memory. */
static __always_inline bool iov_first(const struct iov_iter *it, struct user_piece *piece)
{
	__u32 kind = iov_kind(it);
	struct iovec first = {};

	if (bpf_core_field_exists(it->ubuf) && kind == bpf_core_enum_value(enum iter_type, ITER_UBUF)) {
		piece->at = iov_user(it) + READ(it, iov_offset);
		piece->length = READ(it, count);
		return 1;
	}
	if (kind != bpf_core_enum_value(enum iter_type, ITER_IOVEC) ||
	    bpf_probe_read_kernel(&first, sizeof(first), iov_vector(it)))
		return 0;
	piece->at = (__u64)first.iov_base + READ(it, iov_offset);
	piece->length = first.iov_len - READ(it, iov_offset);
	return 1;
}

/* The iovec behind the first piece; 0 where there is none. */
static __always_inline __u64 iov_rest(const struct iov_iter *it)
{
	if (iov_kind(it) != bpf_core_enum_value(enum iter_type, ITER_IOVEC))
		return 0;
	return (__u64)iov_vector(it) + sizeof(struct iovec);
}

static __always_inline const char *piece_buffer(const struct user_piece *piece, __u32 *readable)
{
	if (piece->length < *readable)
		*readable = piece->length;
	return (const char *)piece->at;
}
