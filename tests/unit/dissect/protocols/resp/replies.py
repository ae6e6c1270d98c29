"""What Redis 8.0.2 replied, byte for byte: to a client that speaks version 2, and to one that said HELLO 3.

Of the replies that have no command of their own the server gives samples: DEBUG PROTOCOL.
"""

VERSION_2 = {
    "SET book 1": b"+OK\r\n",
    "GET book": b"$1\r\n1\r\n",
    "GET none": b"$-1\r\n",
    "INCR book": b":2\r\n",
    "LPUSH book a": b"-WRONGTYPE Operation against a key holding the wrong kind of value\r\n",
    "LRANGE l 0 -1": b"*2\r\n$1\r\nb\r\n$1\r\na\r\n",
    "EXEC": b"*1\r\n:3\r\n",
    "DEBUG PROTOCOL map": b"*6\r\n:0\r\n:0\r\n:1\r\n:1\r\n:2\r\n:0\r\n",
    "DEBUG PROTOCOL verbatim": b"$25\r\nThis is a verbatim\nstring\r\n",
}
VERSION_3 = {
    "HELLO 3": b"%7\r\n$6\r\nserver\r\n$5\r\nredis\r\n$7\r\nversion\r\n$5\r\n8.0.2\r\n$5\r\nproto\r\n:3\r\n$2\r\nid\r\n:4\r\n$4\r\nmode\r\n"
    b"$10\r\nstandalone\r\n$4\r\nrole\r\n$6\r\nmaster\r\n$7\r\nmodules\r\n*1\r\n%4\r\n$4\r\nname\r\n$9\r\nvectorset\r\n$3\r\nver\r\n:1\r\n"
    b"$4\r\npath\r\n$0\r\n\r\n$4\r\nargs\r\n*0\r\n",
    "DEBUG PROTOCOL double": b",3.141\r\n",
    "DEBUG PROTOCOL null": b"_\r\n",
    "DEBUG PROTOCOL set": b"~3\r\n:0\r\n:1\r\n:2\r\n",
    "DEBUG PROTOCOL map": b"%3\r\n:0\r\n#f\r\n:1\r\n#t\r\n:2\r\n#f\r\n",
    "DEBUG PROTOCOL attrib": b"|1\r\n$14\r\nkey-popularity\r\n*2\r\n$7\r\nkey:123\r\n:90\r\n$39\r\nSome real reply following the attribute\r\n",
    "DEBUG PROTOCOL push": b">2\r\n$16\r\nserver-cpu-usage\r\n:42\r\n",
    "DEBUG PROTOCOL verbatim": b"=29\r\ntxt:This is a verbatim\nstring\r\n",
    "DEBUG PROTOCOL true": b"#t\r\n",
    "DEBUG PROTOCOL bignum": b"(1234567999999999999999999999999999999\r\n",
    "SUBSCRIBE news": b">3\r\n$9\r\nsubscribe\r\n$4\r\nnews\r\n:1\r\n",
    "HGETALL h": b"%1\r\n$1\r\nf\r\n$1\r\nv\r\n",
    "invalidate": b">2\r\n$10\r\ninvalidate\r\n*1\r\n$4\r\nbook\r\n",
}
MONITORED = b'+1796098769.004927 [0 127.0.0.1:41278] "SET" "a b" "c\\n\\"d"\r\n'
MARK = b"a77d6cd06e48e4d77f2e58665ad731756699112f"
SNAPSHOT = (
    b"REDIS0012\xfa\tredis-ver\x058.0.2\xfa\nredis-bits\xc0@\xfa\x05ctime\xc2\xd6J\x0ek\xfa\x08used-mem\xc2\xc0@\x12\x00"
    b"\xfa\x0erepl-stream-db\xc0\x00\xfa\x07repl-id(f7c7224f818894bce93553a35b4ac9868034bc6c\xfa\x0brepl-offset\xc0\x00"
    b'\xfa\x08aof-base\xc0\x00\xfe\x00\xfb\x06\x00\x00\x03a b\x04c\n"d\x12\x01l\x01\x02\r\r\x00\x00\x00\x02\x00\x81b\x02\x81a\x02\xff'
    b"\x00\x04book\xc0\x02\x11\x01z\x0f\x0f\x00\x00\x00\x02\x00\x81a\x02\x831.5\x04\xff\x10\x01h\r\r\x00\x00\x00\x02\x00\x81f\x02\x81v"
    b"\x02\xff\x00\x03x y\xc0\x01\xff\x17\xd7\x89_q7\x06\x13"
)
RESYNC = b"+FULLRESYNC f7c7224f818894bce93553a35b4ac9868034bc6c 0\r\n"
